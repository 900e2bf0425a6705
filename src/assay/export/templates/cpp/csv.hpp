// Reads a CSV file (RFC 4180) record by record: fields in quotes may hold separators, line ends and doubled quotes.
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How a file falls into records.
struct Layout {
    char separator = ',';
    char line_end = '\n';  // '\r' in files of old Macintosh computers

    // The end of the record that begins here, without its line end: nothing where the text stops first.
    std::optional<std::size_t> record_end(std::string_view text) const;

    // The fields of a record; doubled quotes inside one are made single, within the record's own memory.
    void split(char* begin, char* end, std::vector<std::string_view>& fields) const;
};

class CsvReader {
public:
    // Opens a file (- is standard input) and finds its header: the first line with the columns' names, in any order.
    // Without a `separator` it is the sign (comma, semicolon, tab, |) that parts the header into these names.
    // InputError: no such file, no text, or a column is not there.
    CsvReader(const std::string& path, const std::vector<std::string>& names, std::optional<char> separator);
    ~CsvReader();
    CsvReader(const CsvReader&) = delete;

    // The next row: its cells in the order of the names. False at the end. The cells live until the next call.
    // InputError: a row has too few or too many fields, or a quote is not closed, with the line.
    bool next(std::vector<std::string_view>& cells);

    // Line in which the last row begins, and its number, both counted from 1.
    long long line() const { return line_; }
    long long row() const { return row_; }

    const std::string& name() const { return name_; }

private:
    bool take_record();
    void fill();
    void check_bytes(std::size_t from) const;
    void find_header(const std::vector<std::string>& names, std::optional<char> separator);
    void check_width();
    [[noreturn]] void fail(long long line, const std::string& what, const std::string& hint = "") const;
    std::string_view rest() const { return {buffer_.data() + at_, filled_ - at_}; }

    std::string name_;
    std::FILE* file_ = nullptr;
    Layout layout_;
    std::vector<char> buffer_;
    std::size_t at_ = 0, filled_ = 0;  // of the buffer: where the next record begins, where the bytes end
    bool is_whole_ = false;            // whether the file's last byte is in the buffer
    std::vector<std::string_view> fields_;
    std::vector<std::size_t> positions_;  // of each column among the fields
    std::size_t width_ = 0;
    long long line_ = 0, next_line_ = 1, row_ = 0;
    long long blank_lines_ = 0;  // above the record that is held
    bool is_held_ = false;       // whether `fields_` is a record that has not been handed out
};
