"""Configuration files, right and wrong, as wheelarch.toml has them."""

RIGHT: dict[str, str] = {
    "empty": "",
    "a comment": "# nothing yet\r\n",
    "select": 'select = ["WA2", "wa301"]',
    "ignore by name": 'ignore = ["wrong-machine", "WA30"]',
    "fail-on": 'fail-on = "note"',
    "expect": 'expect = "aarch64-apple-darwin"',
    "expect a tag": 'expect = "cp312-cp312-macosx_11_0_arm64"',
    "nothing chosen": "select = []\nignore = []\nper-file-ignores = {}",
    "per-file-ignores": """
[per-file-ignores]
"torch-*-win_amd64.whl!torch/bin/*.exe" = [
    { code = "WA207", reason = "protoc is a build tool that nobody imports" },
    { code = "debug-companion", reason = "asked for by \\u0041 user" },
]
'*[!x]-py3-none-*!*\\data\\*' = [{ code = "WA", reason = "samples, never loaded" }]
"*" = []
""",
    "one inline table": 'per-file-ignores = {"*.whl" = [{code = "WA6", reason = "one wheel per job"}]}',
}

WRONG: dict[str, str] = {
    'slect = ["WA2"]': "unknown key 'slect' (did you mean 'select'?)",
    "fail_on = 'error'": "unknown key 'fail_on' (did you mean 'fail-on'?)",
    "Select = []": "unknown key 'Select' (did you mean 'select'?)",
    "zzz = 1": "unknown key 'zzz'; expected one of select, ignore, fail-on, expect, per-file-ignores",
    "select = 'WA2'": "select: expected an array, found a string",
    "select = [2]": "select: expected a string, found an integer",
    "ignore = [[]]": "ignore: expected a string, found an array",
    "ignore = {}": "ignore: expected an array, found a table",
    "fail-on = true": "fail-on: expected a string, found a boolean",
    "fail-on = 1.5": "fail-on: expected a string, found a float",
    "fail-on = 2026-11-20": "fail-on: expected a string, found a date or time",
    "fail-on = 'fatal'": "fail-on: expected one of error, warning, note, never, found 'fatal'",
    "expect = []": "expect: expected a string, found an array",
    "expect = 'amiga'": "expect: 'amiga' is neither a Rust triple nor a platform tag nor a whole tag; expected ",
    "expect = ''": "expect: '' is neither a Rust triple nor a platform tag nor a whole tag; expected one like",
    "select = ['WA2O1']": "select: no rule is called 'WA2O1'; did you mean WA201 (wrong-machine)?",
    "ignore = ['wrong-machin']": "ignore: no rule is called 'wrong-machin'; did you mean WA201 (wrong-machine)?",
    "ignore = ['WD07']": "ignore: no rule is called 'WD07'",
    "select = ['WA2,WA3']": "select: no rule is called 'WA2,WA3'",
    "select = ['']": "select: no rule is called ''",
    "ignore = [' ']": "ignore: no rule is called ' '",
    "per-file-ignores = []": "per-file-ignores: expected a table, found an array",
    "select = [": "not valid TOML: Invalid value",
    "select = []\nselect = []": "not valid TOML: Cannot overwrite a value",
    "x = " + "[" * 5_000: "not valid TOML: ",
    "ignore = ['" + "W" * 1_001 + "']": "ignore: expected at most 1,000 characters, found 1,001",
    "a" + ".a" * 201 + " = 1": "line 1: a key has more than 200 parts",
}
"""By text, how the message continues after the name of the file."""

WRONG |= {
    f"per-file-ignores = {{{entry}}}": f"per-file-ignores: {message}"
    for entry, message in {
        "'*' = 'WA2'": "'*': expected an array, found a string",
        "'*' = ['WA2']": "'*': expected a table, found a string",
        "'*' = [{code = 'WA2'}]": "'*': expected a reason in each entry, found none",
        "'*' = [{code = 'WA2', reason = ' '}]": "'*': expected a reason in each entry, found none",
        "'*' = [{code = 'WA2', reason = 1}]": "'*': reason: expected a string, found an integer",
        "'*' = [{reason = 'so'}]": "'*': expected a code in each entry, found none",
        "'*' = [{code = 'WA99', reason = 'so'}]": "'*': code: no rule is called 'WA99'; did you mean WA9",
        "'*' = [{code = 'WA2', reason = 'so', if = ''}]": "'*': unknown key 'if'; expected one of code, reason",
        "'dist/*.whl!x' = []": "'dist/*.whl!x': the glob for wheels must not contain a slash, because it is "
        "compared with file names",
        r"'dist\*.whl' = []": r"'dist\\*.whl': the glob for wheels must not contain a slash",
        f"'{'*' * 1_001}' = []": "expected at most 1,000 characters, found 1,001",
    }.items()
}
