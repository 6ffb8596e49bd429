# Every target is a script of its name in scripts/, which sets up what it needs.
.DEFAULT_GOAL := help
.PHONY: help setup build run dev test bench fmt lint clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install everything that the other targets need
	@scripts/setup

build: ## the release program, with the site's files inside it
	@scripts/build

run: ## build, then serve
	@scripts/run

dev: ## serve a debug build, and rebuild at every change
	@scripts/dev

test: ## lint, every test, the release build, and the browser and client runs
	@scripts/test

bench: ## measure the release program against bare servers
	@scripts/bench

fmt: ## format the code
	@scripts/fmt

lint: ## check the code's format, clippy, and what the frontend may hold
	@scripts/lint

clean: ## remove build output and test output
	@scripts/clean
