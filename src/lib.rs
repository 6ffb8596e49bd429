//! TengineAI's server: HTTP on the outside, the domain's services on the inside, and no SQL.

// A page's view is one nested type, whose layout the compiler works out level by level.
#![recursion_limit = "512"]

mod account;
pub mod api;
pub mod commands;
pub mod config;
mod connect;
mod health;
mod listen;
pub mod mcp;
mod middleware;
mod oauth;
pub mod router;
pub mod samples;
pub mod session;
pub mod state;
pub mod telemetry;
mod web;
