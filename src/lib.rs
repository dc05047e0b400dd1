//! jiaokan
pub mod edit;
pub mod text;
pub mod rule;
pub mod lexicon;
pub mod pass;
pub mod corpus;
pub mod report;
