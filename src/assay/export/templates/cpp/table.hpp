// The rows of a file in batches: read and encoded by one thread while the network works on the batch before.
#pragma once

#include "csv.hpp"
#include "schema.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

struct Batch {
    std::vector<double> values;         // row-major, NaN where a value is missing
    std::vector<std::string> warnings;  // of each row; empty where nothing is odd
    std::size_t rows = 0;
    long long first_row = 1;
};

class Table {
public:
    // `is_raw`: cells are the raw numbers that the network takes, not what a user writes.
    Table(CsvReader& reader, const Schema& schema, std::size_t batch_rows, bool is_raw);

    // Fills a batch; false where no row is left. On an error the rows before it are a batch still, and the next call
    // throws: InputError, with row and column.
    bool next(Batch& batch);

private:
    void encode(Batch& batch);
    double encode(const Column& column, std::string_view cell) const;

    CsvReader& reader_;
    const Schema& schema_;
    std::size_t batch_rows_;
    bool is_raw_;
    std::vector<std::string_view> cells_;
    std::exception_ptr error_;
};

// Reads ahead: at most a few batches wait, so that the memory does not grow with the file.
class Ahead {
public:
    explicit Ahead(Table& table);
    ~Ahead();
    bool next(Batch& batch);  // as Table::next

private:
    void read();

    Table& table_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Batch> waiting_, spent_;
    bool is_done_ = false, is_stopped_ = false;
    std::exception_ptr error_;
    std::thread thread_;
};
