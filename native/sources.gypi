{
  "variables": {
    "tidemark_core": ["status.cc", "errors.cc", "log", "token", "columns", "merge", "source", "segments", "capture"],
    "tidemark_engine": ["kafka", "engine", "test_kit"],
    "tidemark_addon": ["node"],
    "tidemark_defines": ["NAPI_VERSION=9", "NAPI_DISABLE_CPP_EXCEPTIONS", "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS", "NODE_GYP_MODULE_NAME=tidemark"],
    "tidemark_cflags": ["-std=c++17", "-O2", "-g", "-fvisibility=hidden"],
    "tidemark_ldflags": {
      "linux": ["-Wl,--version-script=<native>/exports.map", "-Wl,-z,nodelete"],
      "darwin": ["-Wl,-exported_symbol,_napi_register_module_v1", "-Wl,-exported_symbol,_node_api_module_get_api_version_v1"]
    }
  }
}
