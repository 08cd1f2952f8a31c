//! Where what a test does by chance begins.

/// What the variable `SEED` says, or another one each time. It is printed, so that a run that failed
/// can be had again.
pub fn seed() -> u64 {
    let given = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}");
    seed
}
