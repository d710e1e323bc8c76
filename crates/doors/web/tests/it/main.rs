//! The pages over a real archive with drawn scans.

mod browser;
mod gateway;
mod log;
mod pages;
mod uploads;
mod verdicts;
