//! Pages about the signed-in person.

pub mod connected_apps;
