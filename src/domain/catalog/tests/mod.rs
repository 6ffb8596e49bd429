//! Every entry keeps the rules of tools, agrees with its document, and makes the request it shows.

mod differences;
mod documents;
mod entries;
mod hostile;
mod places;
