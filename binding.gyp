{
  # For tools that know gyp only: `npx node-gyp rebuild` in a clone. No package manager runs it by itself
  # (package.json's gypfile is false), and it is not packed.
  "targets": [
    {
      "target_name": "tidemark",
      "sources": [
        "<!@(node native/list-sources.mjs core)",
        "<!@(node native/list-sources.mjs engine)",
        "<!@(node native/list-sources.mjs addon)"
      ],
      "include_dirs": [
        "native",
        "<!(node -p \"require('node-addon-api').include_dir\")",
        "<!(node native/librdkafka/build.mjs --print-include-dir)"
      ],
      "defines": ["<!@(node native/list-sources.mjs defines)"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20", "-fno-rtti", "-fno-exceptions"],
      "cflags_cc": ["<!@(node native/list-sources.mjs cflags)"],
      "ldflags": ["<!@(node native/list-sources.mjs ldflags)"],
      # macOS, where gyp looks at no others. Nobody has tried it there yet.
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_ENABLE_CPP_RTTI": "YES",
        "MACOSX_DEPLOYMENT_TARGET": "11.0",
        "OTHER_CPLUSPLUSFLAGS": ["<!@(node native/list-sources.mjs cflags)"],
        "OTHER_LDFLAGS": ["<!@(node native/list-sources.mjs ldflags)"]
      },
      "libraries": ["<!@(node native/librdkafka/build.mjs --print-link-flags)"]
    }
  ]
}
