//! KDL 2 as text: lexer, recovering parser, [`tree`], formatter. [`str`] → [`tree::Document`].

pub mod tree;
