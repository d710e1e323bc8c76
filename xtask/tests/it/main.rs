//! What holds for the workspace as a whole.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod deid_docs;
