#include "text.hpp"

#include "calendar.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace {

// Length in bytes of the white space at the beginning of a text, 0 where there is none.
std::size_t blank_length(std::string_view text) {
    static constexpr std::string_view WIDE[] = {
        "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80",
    };
    if (text.empty()) return 0;
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte < 0x80) return byte == ' ' || (byte >= 9 && byte <= 13) ? 1 : 0;
    for (const auto blank : WIDE) {
        if (text.substr(0, blank.size()) == blank) return blank.size();
    }
    const bool is_typographic = text.size() >= 3 && text.substr(0, 2) == "\xE2\x80" &&
                                static_cast<unsigned char>(text[2]) >= 0x80 && static_cast<unsigned char>(text[2]) <= 0x8A;
    return is_typographic ? 3 : 0;
}

std::size_t trailing_blank_length(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(3, text.size()); ++length) {
        if (blank_length(text.substr(text.size() - length)) == length) return length;
    }
    return 0;
}

// Length of the UTF-8 sequence that begins here, 0 where none does.
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t n) { return n < text.size() ? static_cast<unsigned char>(text[n]) : 0U; };
    const auto follows = [&](std::size_t n) { return (at(n) & 0xC0U) == 0x80U; };
    const unsigned first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool is_long = first == 0xE0 && at(1) < 0xA0;
        const bool is_surrogate = first == 0xED && at(1) > 0x9F;
        return follows(1) && follows(2) && !is_long && !is_surrogate ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool is_outside = (first == 0xF0 && at(1) < 0x90) || (first == 0xF4 && at(1) > 0x8F);
        return follows(1) && follows(2) && follows(3) && !is_outside ? 4 : 0;
    }
    return 0;
}

// Digits and exponent of the shortest decimal that reads as this number again, e.g. "1.25e-05".
std::string_view shortest(double number, char* begin, char* end) {
#if defined(__cpp_lib_to_chars)
    const auto written = std::to_chars(begin, end, number, std::chars_format::scientific);
    return {begin, static_cast<std::size_t>(written.ptr - begin)};
#else  // an older library: try more and more digits
    int length = 0;
    for (int digits = 0; digits <= 16; ++digits) {
        length = std::snprintf(begin, static_cast<std::size_t>(end - begin), "%.*e", digits, number);
        if (std::strtod(begin, nullptr) == number) break;
    }
    return {begin, static_cast<std::size_t>(length)};
#endif
}

}  // namespace

std::string_view stripped(std::string_view text) {
    while (const auto length = blank_length(text)) text.remove_prefix(length);
    while (const auto length = trailing_blank_length(text)) text.remove_suffix(length);
    return text;
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> found;
    text = stripped(text);
    while (!text.empty()) {
        std::size_t end = 0;
        while (end < text.size() && !blank_length(text.substr(end))) ++end;
        found.push_back(text.substr(0, end));
        text = stripped(text.substr(end));
    }
    return found;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& sign : result) {
        if (sign >= 'A' && sign <= 'Z') sign = static_cast<char>(sign - 'A' + 'a');
    }
    return result;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto length = sequence_length(text);
        if (!length) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string quoted(std::string_view text, std::size_t most) {
    const bool has_single = text.find('\'') != text.npos, has_double = text.find('"') != text.npos;
    const char mark = has_single && !has_double ? '"' : '\'';
    std::vector<std::string> signs{std::string(1, mark)};
    while (!text.empty() && signs.size() <= most) {
        const auto length = sequence_length(text);
        const char first = text[0];
        char escaped[8];
        if (length > 1) {
            signs.emplace_back(text.substr(0, length));
        } else if (first == '\n' || first == '\r' || first == '\t') {
            signs.emplace_back(first == '\n' ? "\\n" : first == '\r' ? "\\r" : "\\t");
        } else if (!length || static_cast<unsigned char>(first) < 32 || first == 127) {
            std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(first)));
            signs.emplace_back(escaped);
        } else {
            signs.emplace_back(first == mark || first == '\\' ? std::string("\\") + first : std::string(1, first));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    signs.emplace_back(1, mark);
    const bool is_cut = signs.size() > most;
    std::string shown;
    for (std::size_t n = 0; n < (is_cut ? most - 3 : signs.size()); ++n) shown += signs[n];
    return is_cut ? shown + "..." : shown;
}

void append_number(std::string& text, double number) {
    char buffer[40];
    const auto written = shortest(number, buffer, buffer + sizeof buffer);
    const auto mark = written.find('e');
    if (mark == written.npos) {  // inf and nan
        text += written;
        return;
    }
    int exponent = 0;
    for (const char sign : written.substr(mark + 2)) exponent = exponent * 10 + (sign - '0');
    if (written[mark + 1] == '-') exponent = -exponent;
    std::string_view mantissa = written.substr(0, mark);  // d or d.ddd
    if (mantissa[0] == '-') {
        text += '-';
        mantissa.remove_prefix(1);
    }
    if (exponent < -4 || exponent >= 16) {
        char power[16];
        std::snprintf(power, sizeof power, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
        text.append(mantissa).append(power);
        return;
    }
    const auto others = mantissa.size() > 2 ? mantissa.substr(2) : std::string_view();
    if (exponent < 0) {
        text.append("0.").append(static_cast<std::size_t>(-exponent - 1), '0').append(1, mantissa[0]).append(others);
        return;
    }
    const auto before_point = static_cast<std::size_t>(exponent);  // digits of these others
    text += mantissa[0];
    if (others.size() <= before_point) {
        text.append(others).append(before_point - others.size(), '0').append(".0");
    } else {
        text.append(others.substr(0, before_point)).append(1, '.').append(others.substr(before_point));
    }
}

std::string date_text(long long seconds) {
    const long long days = seconds >= 0 ? seconds / 86400 : -((-seconds + 86399) / 86400);
    const auto [year, month, day] = date_of(days);
    const int second = static_cast<int>(seconds - days * 86400);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", year, month, day, second / 3600, second / 60 % 60,
                  second % 60);
    return text;
}

void append_field(std::string& line, std::string_view field) {
    if (field.find_first_of(",\"\r\n") == field.npos) {
        line += field;
        return;
    }
    line += '"';
    for (const char sign : field) {
        if (sign == '"') line += '"';
        line += sign;
    }
    line += '"';
}
