// Text as UTF-8: white space, words, and how a value is shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

// Without the white space at its ends (Unicode's, such as the non-breaking blank).
std::string_view stripped(std::string_view text);

// The words of a text, parted by white space.
std::vector<std::string_view> words(std::string_view text);

// ASCII letters in lower case; other letters stay.
std::string lower(std::string_view text);

bool is_utf8(std::string_view text);

// In quotes, as Python shows a text; one of more signs than `most` is cut.
std::string quoted(std::string_view text, std::size_t most = 60);

// The shortest text that reads as this number again, as Python writes it: 0.1, 1.0, 1e-05, 1e+16.
void append_number(std::string& text, double number);

// The number of whole seconds since 1970 as 2024-01-31 17:00:00.
std::string date_text(long long seconds);

// A field of a CSV file, in quotes where it needs them.
void append_field(std::string& line, std::string_view field);
