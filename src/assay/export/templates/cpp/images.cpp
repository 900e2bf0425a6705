#include "images.hpp"

#include "failure.hpp"

#include <algorithm>
#include <cctype>

namespace {

std::string shown(const std::vector<std::int64_t>& shape) {
    std::string text = "(N";
    for (const auto size : shape) text += ", " + std::to_string(size);
    return text + ")";
}

// What stands behind a key of the header, which is a Python dictionary.
std::string value_of(const std::string& header, const std::string& key) {
    const auto at = header.find("'" + key + "'");
    const auto colon = at == header.npos ? at : header.find(':', at);
    if (colon == header.npos) throw InputError("its header has no " + key);
    const auto begin = header.find_first_not_of(' ', colon + 1);
    const auto end = header.find(begin != header.npos && header[begin] == '(' ? ')' : ',', begin);
    return header.substr(begin, end == header.npos ? end : end - begin + 1);
}

std::vector<std::int64_t> sizes_in(const std::string& text) {
    std::vector<std::int64_t> sizes;
    for (std::size_t at = 0; at < text.size();) {
        if (!std::isdigit(static_cast<unsigned char>(text[at]))) {
            ++at;
            continue;
        }
        std::int64_t size = 0;
        for (; at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])); ++at) {
            if (size > 1'000'000'000'000) throw InputError("its header names an impossible size");
            size = size * 10 + (text[at] - '0');
        }
        sizes.push_back(size);
    }
    return sizes;
}

std::string read_header(std::ifstream& file) {
    unsigned char begin[12] = {};
    const auto byte = [&](int n) { return static_cast<std::size_t>(begin[n]); };
    file.read(reinterpret_cast<char*>(begin), 8);
    if (!file || std::string(reinterpret_cast<char*>(begin), 6) != "\x93NUMPY") throw InputError("not a NumPy file (.npy)");
    const int length_bytes = begin[6] == 1 ? 2 : 4;
    file.read(reinterpret_cast<char*>(begin) + 8, length_bytes);
    const std::size_t length = byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
    if (!file || length > 1 << 20) throw InputError("its header is damaged");
    std::string header(length, ' ');
    file.read(header.data(), static_cast<std::streamsize>(length));
    if (!file) throw InputError("its header is cut");
    return header;
}

}  // namespace

Images::Images(const std::string& path, const std::vector<std::int64_t>& shape) : path_(path), file_(path, std::ios::binary) {
    const auto wanted = "uint8 of the shape " + shown(shape) + " is expected";
    try {
        if (!file_) throw InputError("there is no such file");
        const auto header = read_header(file_);
        if (value_of(header, "descr").find("'|u1'") == std::string::npos) {
            throw InputError("it holds " + value_of(header, "descr") + " where " + wanted);
        }
        if (value_of(header, "fortran_order").find("True") != std::string::npos) {
            throw InputError("it is in Fortran's order (save numpy.ascontiguousarray of it)");
        }
        const auto sizes = sizes_in(value_of(header, "shape"));
        if (sizes.size() != shape.size() + 1 || !std::equal(shape.begin(), shape.end(), sizes.begin() + 1)) {
            throw InputError("its shape is " + value_of(header, "shape") + " where " + wanted);
        }
        for (const auto size : shape) image_bytes_ *= static_cast<std::size_t>(size);
        left_ = static_cast<std::size_t>(sizes[0]);
    } catch (const InputError& error) {
        throw InputError(path + ": " + error.what());
    }
}

std::size_t Images::next(std::vector<std::uint8_t>& pixels, std::size_t most) {
    const auto count = std::min(most, left_);
    pixels.resize(count * image_bytes_);
    file_.read(reinterpret_cast<char*>(pixels.data()), static_cast<std::streamsize>(pixels.size()));
    if (static_cast<std::size_t>(file_.gcount()) != pixels.size()) throw InputError(path_ + ": the file is cut");
    left_ -= count;
    return count;
}
