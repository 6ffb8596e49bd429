//! Who may do what: every operation of the product with who may do it, and what stands for it at each
//! edge. The domain enforces it by what a service method has to be handed; this table says it for
//! people and for the test that tries every operation with every role.

mod instance;
mod own;
mod people;
mod server;
mod tools;

use super::Role;

/// Who may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever reaches the instance, signed in or not.
    Anyone,
    /// A person who is signed in, on what is their own; over REST, any key.
    SignedIn,
    /// A person who is signed in, on their own account; over REST, a key of that account with this role
    /// or one above. A project's key is for the project.
    Account(Role),
    /// A member of the project with this role or one above; a key with that role for the project.
    Member(Role),
    /// An owner of the instance; over REST, a key of their account that is owner.
    InstanceOwner,
    /// Whoever holds the server.
    Operator,
}

/// A person, as far as the table tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nobody is signed in.
    Nobody,
    /// Signed in, and in no project that is meant.
    Stranger,
    Member(Role),
    /// An owner of the instance who is in no project that is meant: they decide about accounts, and see
    /// no project for it.
    InstanceOwner,
}

impl Standing {
    /// From the least to the most.
    pub const ALL: [Self; 7] = [
        Self::Nobody,
        Self::Stranger,
        Self::Member(Role::Viewer),
        Self::Member(Role::Developer),
        Self::Member(Role::Admin),
        Self::Member(Role::Owner),
        Self::InstanceOwner,
    ];
}

impl Who {
    /// Whether a person may, in the dashboard.
    #[must_use]
    pub fn allows(self, person: Standing) -> bool {
        match self {
            Self::Anyone => true,
            Self::SignedIn | Self::Account(_) => person != Standing::Nobody,
            Self::Member(needed) => matches!(person, Standing::Member(role) if role >= needed),
            Self::InstanceOwner => person == Standing::InstanceOwner,
            Self::Operator => false,
        }
    }

    const fn people(self) -> &'static str {
        match self {
            Self::Anyone => "Anyone",
            Self::SignedIn | Self::Account(_) => "Whoever is signed in",
            Self::Member(Role::Viewer) => "Every member",
            Self::Member(Role::Developer) => "Developers and above",
            Self::Member(Role::Admin) => "Admins and owners",
            Self::Member(Role::Owner) => "Owners of the project",
            Self::InstanceOwner => "Owners of the instance",
            Self::Operator => "Whoever holds the server",
        }
    }

    /// The keys that may; `None`: those whose role in the project is one of the people's.
    fn keys(self) -> Option<String> {
        match self {
            Self::SignedIn => Some("any key".to_owned()),
            Self::Account(role) => Some(format!(
                "a key of the account with the role {role} or above"
            )),
            Self::InstanceOwner => Some("a key of their account with the role owner".to_owned()),
            Self::Anyone | Self::Member(_) | Self::Operator => None,
        }
    }
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
    /// As `METHOD /path`: what a page without wasm sends.
    pub forms: &'static [&'static str],
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
            forms: &[],
            routes: &[],
            commands: &[],
        }
    }

    /// Who may, for people: `Developers and above`; and with which key, where there is a route for one.
    #[must_use]
    pub fn for_whom(&self) -> String {
        let people = self.who.people();
        match self.who.keys().filter(|_| !self.routes.is_empty()) {
            Some(keys) => format!("{people}; {keys}"),
            None => people.to_owned(),
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

    const fn forms(self, forms: &'static [&'static str]) -> Self {
        Self { forms, ..self }
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

const PARTS: [&[Operation]; 5] = [
    tools::OPERATIONS,
    people::OPERATIONS,
    own::OPERATIONS,
    instance::OPERATIONS,
    server::OPERATIONS,
];

const COUNT: usize = {
    let (mut part, mut count) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

const fn joined() -> [Operation; COUNT] {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut part, mut place) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[place] = PARTS[part][row];
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
                operation.forms,
                operation.routes,
                operation.commands,
            ];
            for (kind, names) in names.into_iter().enumerate() {
                for name in names {
                    assert!(seen.insert((kind, *name)), "{name} stands in two rows");
                }
            }
            let stands_for = operation.server_functions.len()
                + operation.forms.len()
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
    fn a_key_is_spoken_of_only_where_there_is_a_route_for_it() {
        let row = |id: &str| {
            let mut rows = OPERATIONS.iter();
            rows.find(|row| row.id == id).unwrap().for_whom()
        };
        assert_eq!(row("account.write"), "Whoever is signed in");
        assert_eq!(row("account.who"), "Whoever is signed in; any key");
        assert_eq!(row("account.delete"), "Whoever is signed in");
        assert_eq!(row("tools.write"), "Developers and above");
        for operation in OPERATIONS {
            let speaks = operation.for_whom().contains("key");
            assert!(!speaks || !operation.routes.is_empty(), "{}", operation.id);
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
            for form in operation.forms {
                let path = form.strip_prefix("POST ").expect("a form is sent");
                assert!(path.starts_with('/') && !path.starts_with("/_ui"), "{form}");
            }
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

    #[test]
    fn whoever_may_do_something_may_do_it_with_a_role_above_too() {
        for operation in OPERATIONS {
            let members = &Standing::ALL[2..6];
            let allowed: Vec<bool> = members
                .iter()
                .map(|one| operation.who.allows(*one))
                .collect();
            assert!(allowed.is_sorted(), "{}: {allowed:?}", operation.id);
            // Who may do it signed out may do it signed in.
            if operation.who.allows(Standing::Nobody) {
                let all = Standing::ALL.iter();
                assert!(all.clone().all(|one| operation.who.allows(*one)));
            }
        }
        assert!(!Who::Operator.allows(Standing::InstanceOwner));
        assert!(!Who::Member(Role::Viewer).allows(Standing::InstanceOwner));
        assert!(!Who::Member(Role::Viewer).allows(Standing::Stranger));
        assert!(Who::Account(Role::Owner).allows(Standing::Stranger));
    }
}
