#include "csv.hpp"

#include "failure.hpp"
#include "names.hpp"
#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace {

constexpr std::size_t CHUNK = 1 << 20;
constexpr std::size_t LONGEST = 1 << 26;  // bytes of a record; a quote that is not closed would take the whole file

bool is_blank(const std::vector<std::string_view>& fields) {
    return fields.size() == 1 && std::all_of(fields[0].begin(), fields[0].end(), [](char sign) {
               return static_cast<unsigned char>(sign) <= ' ';
           });
}

std::string count(std::size_t fields) { return fields == 1 ? "1 field" : std::to_string(fields) + " fields"; }

const char* find(const char* begin, const char* end, char sign) {
    return static_cast<const char*>(std::memchr(begin, sign, static_cast<std::size_t>(end - begin)));
}

}  // namespace

std::optional<std::size_t> Layout::record_end(std::string_view text) const {
    const char *const begin = text.data(), *const end = begin + text.size();
    const char* line = find(begin, end, line_end);
    if (!find(begin, line ? line : end, '"')) return line ? std::optional<std::size_t>(line - begin) : std::nullopt;
    bool is_first = true, is_inside = false;  // of a field; between quotes
    for (const char* at = begin; at != end; ++at) {
        if (is_inside) {
            if (*at == '"') is_inside = false;
        } else if (*at == '"' && (is_first || at[-1] == '"')) {
            is_inside = true;  // opened, or the second of two
        } else if (*at == line_end) {
            return at - begin;
        }
        is_first = !is_inside && (*at == separator || (is_first && *at == ' '));
    }
    return std::nullopt;
}

void Layout::split(char* begin, char* end, std::vector<std::string_view>& fields) const {
    fields.clear();
    if (line_end == '\n' && end != begin && end[-1] == '\r') --end;
    for (char* at = begin;;) {
        char* first = at;
        while (first != end && *first == ' ' && separator != ' ') ++first;
        if (first == end || *first != '"') {
            char* stop = at;
            while (stop != end && *stop != separator) ++stop;
            fields.emplace_back(at, static_cast<std::size_t>(stop - at));
            at = stop;
        } else {
            char* const content = ++first;
            char* written = content;
            while (first != end && (*first != '"' || (first + 1 != end && first[1] == '"'))) {
                if (*first == '"') ++first;
                *written++ = *first++;
            }
            if (first == end) throw InputError("a quote is not closed");
            for (++first; first != end && *first == ' ' && separator != ' ';) ++first;
            if (first != end && *first != separator) throw InputError("text follows a closing quote");
            fields.emplace_back(content, static_cast<std::size_t>(written - content));
            at = first;
        }
        if (at == end) return;
        ++at;
    }
}

CsvReader::CsvReader(const std::string& path, const std::vector<std::string>& names, std::optional<char> separator)
    : name_(path == "-" ? "standard input" : path) {
    file_ = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
    if (!file_) throw InputError(name_ + ": " + (errno == ENOENT ? "there is no such file" : std::strerror(errno)));
    fill();
    if (filled_ >= 3 && std::memcmp(buffer_.data(), "\xEF\xBB\xBF", 3) == 0) at_ = 3;
    const auto head = rest();
    if (head.find('\n') == head.npos && head.find('\r') != head.npos) layout_.line_end = '\r';
    find_header(names, separator);
}

CsvReader::~CsvReader() {
    if (file_ && file_ != stdin) std::fclose(file_);
}

void CsvReader::fail(long long line, const std::string& what, const std::string& hint) const {
    const auto place = line ? ", line " + std::to_string(line) : "";
    throw InputError(name_ + place + ": " + what + (hint.empty() ? "" : " (" + hint + ")"));
}

// Adds bytes behind those that are left.
void CsvReader::fill() {
    if (at_) std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
    filled_ -= at_;
    at_ = 0;
    if (filled_ > LONGEST) fail(next_line_, "a quote that opens here is not closed, or the line is too long");
    const std::size_t from = filled_;
    if (buffer_.size() < filled_ + CHUNK) buffer_.resize(std::max(2 * CHUNK, 2 * filled_));
    while (filled_ < buffer_.size() && !is_whole_) {
        const auto read = std::fread(buffer_.data() + filled_, 1, buffer_.size() - filled_, file_);
        if (std::ferror(file_)) fail(0, std::strerror(errno));
        filled_ += read;
        is_whole_ = read == 0;
    }
    check_bytes(from);
}

void CsvReader::check_bytes(std::size_t from) const {
    const char *const begin = buffer_.data(), *const end = begin + filled_;
    const char* zero = find(begin + from, end, '\0');
    if (!zero) return;
    fail(next_line_ + std::count(begin, zero, '\n'), "a zero byte: no text, or text in UTF-16", "save it as CSV in UTF-8");
}

// Splits the next record into `fields_`; false where there is none.
bool CsvReader::take_record() {
    auto end = layout_.record_end(rest());
    while (!end && !is_whole_) {
        fill();
        end = layout_.record_end(rest());
    }
    if (!end && at_ == filled_) return false;
    const std::size_t length = end.value_or(filled_ - at_);
    char* const begin = buffer_.data() + at_;
    line_ = next_line_;
    next_line_ += 1 + std::count(begin, begin + length, layout_.line_end);
    at_ += length + (end ? 1 : 0);
    try {
        layout_.split(begin, begin + length, fields_);
    } catch (const InputError& error) {
        fail(line_, error.what(), "a quote inside quotes is doubled");
    }
    return true;
}

void CsvReader::find_header(const std::vector<std::string>& names, std::optional<char> separator) {
    const auto header = header_among({buffer_.data() + at_, filled_ - at_}, layout_.line_end, names, separator);
    if (header.missing) fail(header.missing->line, header.missing->what, header.missing->hint);
    layout_.separator = header.separator;
    positions_ = header.positions;
    width_ = header.width;
    for (int n = 0; n < header.records; ++n) take_record();
}

bool CsvReader::next(std::vector<std::string_view>& cells) {
    if (!is_held_) {
        blank_lines_ = 0;
        while ((is_held_ = take_record()) && is_blank(fields_)) ++blank_lines_;
        if (!is_held_) return false;
        if (width_ != 1) blank_lines_ = 0;
    }
    if (blank_lines_ > 0) {  // in a file of one column they are missing values, but not at its end
        --blank_lines_;
        ++row_;
        std::fill(cells.begin(), cells.end(), std::string_view());
        return true;
    }
    is_held_ = false;
    check_width();
    ++row_;
    for (std::size_t n = 0; n < positions_.size(); ++n) cells[n] = fields_[positions_[n]];
    return true;
}

void CsvReader::check_width() {
    if (fields_.size() == width_) return;
    if (row_ == 0 && fields_.size() == width_ + 1) {
        ++width_;  // each row ends with a separator, or begins with a name that the header has no name for
        if (stripped(fields_.back()).empty()) return;
        for (auto& position : positions_) ++position;
        return;
    }
    const bool are_many = fields_.size() > width_;
    fail(line_, count(fields_.size()) + " where " + std::to_string(width_) + (width_ == 1 ? " was" : " were") + " expected",
         are_many ? "a field that holds the separator wants quotes around it" : "an empty field still wants its separator");
}
