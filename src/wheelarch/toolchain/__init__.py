"""The other end of the wheel: interpreters, Rust targets, and project files that predict what a build will make."""
