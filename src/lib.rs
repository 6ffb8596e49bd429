//! TengineAI's server: HTTP on the outside, the domain's services on the inside, and no SQL.

pub mod api;
pub mod commands;
pub mod config;
mod health;
mod mcp;
mod middleware;
mod oauth;
pub mod router;
mod samples;
mod session;
pub mod state;
pub mod telemetry;
mod web;
