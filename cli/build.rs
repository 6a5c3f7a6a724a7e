//! Makes sure that the dashboard's folder is there to be embedded, and embeds it anew when it changes.

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../dist")?;
    println!("cargo::rerun-if-changed=../dist");
    Ok(())
}
