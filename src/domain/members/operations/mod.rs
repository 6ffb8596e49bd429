//! Who may do what: every operation of the product with who may do it, and what stands for it at each
//! edge. The domain enforces it by what a service method has to be handed; this table says it for
//! people and for the test that tries every operation with every role.

mod instance;
mod people;
mod tools;

use super::Role;

/// Who may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever reaches the instance, signed in or not.
    Anyone,
    /// A person who is signed in, on what is their own; over REST, any key.
    SignedIn,
    /// A member of the project with this role or one above; a key with that role for the project.
    Member(Role),
    /// An owner of the instance; over REST, an owner's key of their account.
    InstanceOwner,
    /// Whoever holds the server.
    Operator,
}

/// Something that can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Unique.
    pub id: &'static str,
    /// The heading that it stands under.
    pub area: &'static str,
    /// A sentence for people.
    pub does: &'static str,
    pub who: Who,
    /// Whether a person has to show who they are once more, always or where the sentence says so.
    pub needs_proof: bool,
    /// By name, below `/_ui`.
    pub server_functions: &'static [&'static str],
    /// As `METHOD /path`.
    pub routes: &'static [&'static str],
    /// Without the `tengine` before them.
    pub commands: &'static [&'static str],
}

impl Operation {
    const fn new(id: &'static str, area: &'static str, who: Who, does: &'static str) -> Self {
        Self {
            id,
            area,
            does,
            who,
            needs_proof: false,
            server_functions: &[],
            routes: &[],
            commands: &[],
        }
    }

    const fn with_proof(self) -> Self {
        Self {
            needs_proof: true,
            ..self
        }
    }

    const fn pages(self, server_functions: &'static [&'static str]) -> Self {
        Self {
            server_functions,
            ..self
        }
    }

    const fn routes(self, routes: &'static [&'static str]) -> Self {
        Self { routes, ..self }
    }

    const fn commands(self, commands: &'static [&'static str]) -> Self {
        Self { commands, ..self }
    }
}

const VIEWER: Who = Who::Member(Role::Viewer);
const DEVELOPER: Who = Who::Member(Role::Developer);
const ADMIN: Who = Who::Member(Role::Admin);
const OWNER: Who = Who::Member(Role::Owner);

const COUNT: usize =
    tools::OPERATIONS.len() + people::OPERATIONS.len() + instance::OPERATIONS.len();

const fn joined() -> [Operation; COUNT] {
    let parts = [tools::OPERATIONS, people::OPERATIONS, instance::OPERATIONS];
    let mut all = [parts[0][0]; COUNT];
    let (mut part, mut place) = (0, 0);
    while part < parts.len() {
        let mut row = 0;
        while row < parts[part].len() {
            all[place] = parts[part][row];
            place += 1;
            row += 1;
        }
        part += 1;
    }
    all
}

/// Everything that can be done.
pub const OPERATIONS: &[Operation] = &joined();

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everything_stands_in_one_row() {
        let mut seen = HashSet::new();
        for operation in OPERATIONS {
            let names = [
                &[operation.id][..],
                operation.server_functions,
                operation.routes,
                operation.commands,
            ];
            for (kind, names) in names.into_iter().enumerate() {
                for name in names {
                    assert!(seen.insert((kind, *name)), "{name} stands in two rows");
                }
            }
            let stands_for = operation.server_functions.len()
                + operation.routes.len()
                + operation.commands.len();
            assert!(stands_for > 0, "{} cannot be done", operation.id);
        }
        assert_eq!(OPERATIONS.len(), COUNT);
    }

    #[test]
    fn what_is_of_a_project_is_for_its_members() {
        for operation in OPERATIONS {
            let of_project = |route: &&str| route.contains("/projects/{project_id}");
            if operation.routes.iter().any(of_project) {
                assert!(matches!(operation.who, Who::Member(_)), "{}", operation.id);
                assert!(operation.routes.iter().all(of_project), "{}", operation.id);
            }
        }
    }

    #[test]
    fn each_row_reads_well() {
        for operation in OPERATIONS {
            let Operation { id, area, does, .. } = operation;
            assert!(
                does.ends_with('.') && does.starts_with(char::is_uppercase),
                "{id}"
            );
            assert!(area.starts_with(char::is_uppercase), "{id}");
            let is_word = |c: char| c.is_ascii_lowercase() || matches!(c, '.' | '_');
            assert!(id.chars().all(is_word) && id.contains('.'), "{id}");
            for route in operation.routes {
                let (method, path) = route.split_once(' ').expect("a method and a path");
                assert!(
                    ["GET", "POST", "PATCH", "DELETE"].contains(&method),
                    "{route}"
                );
                assert!(path.starts_with("/api/v1/"), "{route}");
                assert!(!path.contains(char::is_whitespace), "{route}");
                // Reading is for everyone who is in.
                if operation.who == VIEWER {
                    assert_eq!(method, "GET", "{route}");
                }
            }
        }
    }
}
