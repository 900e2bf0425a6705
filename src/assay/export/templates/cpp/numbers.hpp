// Numbers as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

// A number in the computer's own spelling: 1, -1.5, .5, 1e-3, inf, nan; nothing where the text is none.
// White space around it is the caller's to take away.
std::optional<double> plain_number(std::string_view text);

// How the numbers of a column were written in the training file.
struct NumberSpelling {
    std::string decimal = ".";  // the decimal sign, point or comma
    std::string mark;           // between thousands, or nothing
    std::string unit;           // a currency or per cent sign beside each, or nothing

    bool is_plain() const { return decimal == "." && mark.empty() && unit.empty(); }

    // The number that a text without white space at its ends is; nothing where it is not written so.
    std::optional<double> read(std::string_view text) const;
};
