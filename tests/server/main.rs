//! The server through its real router, told as stories. One binary, so that it links once.

mod accounts;
mod api;
mod api_conventions;
mod api_keys;
mod api_people;
mod app;
mod attacks;
mod beside;
mod commands;
mod commands_user;
mod connections;
mod discovery;
mod edges;
mod guides;
mod idempotency;
mod keys;
mod master_keys;
mod mcp;
mod oauth;
mod register;
mod roles;
mod sessions;
mod token;
mod tool_sources;
mod vault;
