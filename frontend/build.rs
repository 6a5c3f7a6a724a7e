//! Registers the committed schema with cynic, so that every operation of the dashboard is checked while it compiles.

fn main() -> std::process::ExitCode {
    println!("cargo:rerun-if-changed=../schema.graphql");
    let registered = cynic_codegen::register_schema("corrente")
        .from_sdl_file("../schema.graphql")
        .and_then(cynic_codegen::registration::SchemaRegistration::as_default);
    if let Err(error) = registered {
        // A build script speaks through its exit code and standard error.
        eprintln!("schema.graphql cannot be used: {error}");
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}
