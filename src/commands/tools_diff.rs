//! `tengine tools diff`

use domain::tools::Difference;
use serde_json::{Value, json};

use super::{
    CommandError,
    project::open_services,
    tools_file::{self, Arguments},
};
use crate::config::Flags;

/// Says what applying the file would change, and changes nothing. As diff(1) it fails where there is
/// a difference, for scripts to tell.
///
/// # Errors
/// Where there is one, or an argument, the configuration or the database cannot be used.
pub async fn run(flags: Flags, arguments: Arguments) -> Result<(), CommandError> {
    let tools = tools_file::read(&arguments.file)?;
    let services = open_services(flags).await?;
    let access = arguments.of.developer(&services).await?;
    let difference = services.tools.compare(&access, &tools).await?;
    if arguments.json {
        println!("{}", report(&difference));
    } else {
        print(&difference);
    }
    match difference.created.len() + difference.changed.len() {
        0 => Ok(()),
        differing => Err(CommandError::Failed(format!("{differing} tools differ"))),
    }
}

fn report(difference: &Difference) -> Value {
    let changed = difference.changed.iter();
    json!({
        "created": difference.created,
        "changed": changed
            .map(|one| json!({ "name": one.name, "fields": one.fields }))
            .collect::<Vec<_>>(),
        "unchanged": difference.unchanged,
        "not_in_file": difference.not_in_file,
    })
}

fn print(difference: &Difference) {
    for name in &difference.created {
        println!("+ {name}");
    }
    for one in &difference.changed {
        println!("~ {}: {}", one.name, one.fields.join(", "));
    }
    for name in &difference.not_in_file {
        println!("  {name} is not in the file, and stays");
    }
}
