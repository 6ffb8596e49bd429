//! What Claude and other clients would stumble over in a tool.

pub mod tokens;
