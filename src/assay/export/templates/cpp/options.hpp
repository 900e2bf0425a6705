// What the command line says.
#pragma once

#include <optional>
#include <string>

struct Options {
    // InputError: an option is unknown, or has a value that it cannot have.
    Options(int count, char** words);

    std::string network, schema, data;
    std::optional<char> separator;
    std::size_t batch = 1024;
    int threads = 2;
    bool is_raw = false, has_warnings = true, has_timing = false, wants_help = false;
};

extern const char* const USAGE;
