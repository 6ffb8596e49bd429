//! The table of who may do what, as its page shows it.

use domain::members::{
    Role,
    operations::{OPERATIONS, Operation, Standing},
};

use crate::api::docs::{RoleArea, RoleRow, Roles};

pub(crate) fn table() -> Roles {
    let mut areas: Vec<RoleArea> = Vec::new();
    for operation in OPERATIONS {
        let row = row(operation);
        match areas.iter_mut().find(|area| area.name == operation.area) {
            Some(area) => area.rows.push(row),
            None => areas.push(RoleArea {
                name: operation.area.to_owned(),
                rows: vec![row],
            }),
        }
    }
    Roles {
        people: Standing::ALL
            .iter()
            .map(|one| name(*one).to_owned())
            .collect(),
        areas,
    }
}

fn row(operation: &Operation) -> RoleRow {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
    RoleRow {
        does: operation.does.to_owned(),
        who: operation.for_whom(),
        may: Standing::ALL
            .iter()
            .map(|one| operation.who.allows(*one))
            .collect(),
        needs_proof: operation.needs_proof,
        routes: texts(operation.routes),
        commands: texts(operation.commands),
    }
}

const fn name(person: Standing) -> &'static str {
    match person {
        Standing::Nobody => "Signed out",
        Standing::Stranger => "Signed in",
        Standing::Member(Role::Viewer) => "Viewer",
        Standing::Member(Role::Developer) => "Developer",
        Standing::Member(Role::Admin) => "Admin",
        Standing::Member(Role::Owner) => "Owner",
        Standing::InstanceOwner => "Instance owner",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_is_in_one_area_with_a_mark_for_everyone() {
        let table = table();
        let rows = table.areas.iter().flat_map(|area| &area.rows);
        assert_eq!(rows.clone().count(), OPERATIONS.len());
        assert!(rows.clone().all(|row| row.may.len() == table.people.len()));
        let mut names: Vec<&str> = table.areas.iter().map(|area| area.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), table.areas.len());
    }
}
