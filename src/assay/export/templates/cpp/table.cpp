#include "table.hpp"

#include "failure.hpp"
#include "text.hpp"

#include <cmath>
#include <stdexcept>

namespace {

constexpr std::size_t WAITING = 3;

}  // namespace

Table::Table(CsvReader& reader, const Schema& schema, std::size_t batch_rows, bool is_raw)
    : reader_(reader), schema_(schema), batch_rows_(batch_rows), is_raw_(is_raw), cells_(schema.columns.size()) {}

bool Table::next(Batch& batch) {
    if (error_) std::rethrow_exception(error_);
    batch.values.resize(batch_rows_ * cells_.size());
    batch.warnings.resize(batch_rows_);
    batch.first_row = reader_.row() + 1;
    batch.rows = 0;
    try {
        while (batch.rows < batch_rows_ && reader_.next(cells_)) encode(batch);
    } catch (const InputError&) {
        if (batch.rows == 0) throw;
        error_ = std::current_exception();
    }
    return batch.rows > 0;
}

void Table::encode(Batch& batch) {
    double* value = batch.values.data() + batch.rows * cells_.size();
    auto& warnings = batch.warnings[batch.rows];
    warnings.clear();
    for (std::size_t n = 0; n < cells_.size(); ++n) {
        const auto& column = schema_.columns[n];
        value[n] = encode(column, cells_[n]);
        if (!column.is_usual(value[n])) column.warn(value[n], warnings);
    }
    ++batch.rows;
}

double Table::encode(const Column& column, std::string_view cell) const {
    try {
        if (!is_raw_) return column.encode(cell);
        const auto text = stripped(cell);
        const auto number = text.empty() ? MISSING : plain_number(text);
        if (number && !std::isinf(*number)) return *number;
        throw std::invalid_argument(quoted(cell) + " is not a finite number, which --raw expects");
    } catch (const std::invalid_argument& error) {
        throw InputError(reader_.name() + ", row " + std::to_string(reader_.row()) + " (line " +
                         std::to_string(reader_.line()) + "), column " + quoted(column.name(), std::string::npos) + ": " +
                         error.what() + " (leave the value empty if it is missing)");
    }
}

Ahead::Ahead(Table& table) : table_(table), spent_(WAITING), thread_(&Ahead::read, this) {}

Ahead::~Ahead() {
    {
        const std::lock_guard lock(mutex_);
        is_stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Ahead::read() {
    try {
        for (;;) {
            Batch batch;
            {
                std::unique_lock lock(mutex_);
                changed_.wait(lock, [this] { return is_stopped_ || !spent_.empty(); });
                if (is_stopped_) return;
                batch = std::move(spent_.front());
                spent_.pop_front();
            }
            const bool is_there = table_.next(batch);
            const std::lock_guard lock(mutex_);
            if (is_there) {
                waiting_.push_back(std::move(batch));
            } else {
                is_done_ = true;
            }
            changed_.notify_all();
            if (is_done_) return;
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        error_ = std::current_exception();
        is_done_ = true;
        changed_.notify_all();
    }
}

// The caller's batch, which it is done with, is filled again by the reading thread.
bool Ahead::next(Batch& batch) {
    std::unique_lock lock(mutex_);
    if (batch.rows) spent_.push_back(std::move(batch));
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_done_ || !waiting_.empty(); });
    if (waiting_.empty()) {
        if (error_) std::rethrow_exception(error_);
        return false;
    }
    batch = std::move(waiting_.front());
    waiting_.pop_front();
    return true;
}
