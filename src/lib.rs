//! jiaokan
pub mod corpus;
pub mod edit;
pub mod lexicon;
pub mod pass;
pub mod report;
pub mod rule;
pub mod text;
