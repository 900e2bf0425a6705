// The header of a file: where it stands, what parts it, and where each column is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Header {
    struct Missing {
        long long line;
        std::string what, hint;
    };

    char separator = ',';
    std::vector<std::size_t> positions;  // of each wanted name among the fields
    std::size_t width = 0;               // number of fields
    int records = 0;                     // records up to and with the header
    std::optional<Missing> missing;      // a wanted name that no header has
};

// Looks through the first records for the one that has the most of these names.
// Without a `separator` comma, semicolon, tab and | are tried.
Header header_among(std::string_view head, char line_end, const std::vector<std::string>& names,
                    std::optional<char> separator);
