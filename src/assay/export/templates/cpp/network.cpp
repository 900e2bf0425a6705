#include "network.hpp"

#include "failure.hpp"

#include <ATen/Parallel.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/script.h>

#include <fstream>
#include <optional>

using torch::inductor::AOTIModelPackageLoader;

struct Network::Backend {
    std::optional<torch::jit::Module> script;
    std::unique_ptr<AOTIModelPackageLoader> package;

    at::Tensor run(const at::Tensor& input) {
        const c10::InferenceMode guard;
        try {
            if (script) return script->forward({input}).toTensor();
            return package->run({input}).at(0);
        } catch (const c10::Error& error) {
            throw ProgramError(std::string("the network cannot run: ") + error.what_without_backtrace());
        }
    }
};

namespace {

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

std::vector<double> numbers(const at::Tensor& answer) {
    const auto plain = answer.to(at::kCPU, at::kDouble).contiguous();
    const auto* first = plain.const_data_ptr<double>();
    return {first, first + plain.numel()};
}

}  // namespace

Network::Network(const std::string& path, int threads) : backend_(std::make_unique<Backend>()) {
    at::set_num_threads(threads);
    at::set_num_interop_threads(1);
    if (!std::ifstream(path)) throw InputError(path + ": there is no such file");
    const bool is_package = ends_with(path, ".pt2");
    if (!is_package && !ends_with(path, ".pt")) {
        throw InputError(path + ": the network is a TorchScript file (.pt) or an AOTInductor package (.pt2)");
    }
    try {
        if (is_package) {
            backend_->package = std::make_unique<AOTIModelPackageLoader>(path, "model", threads == 1);
        } else {
            // The file is frozen already. The executor that specialises itself to each new shape would stop
            // to do so in the first batches and at the last one, which is shorter.
            torch::jit::setGraphExecutorOptimize(false);
            backend_->script = torch::jit::load(path, at::kCPU);
        }
    } catch (const std::exception& error) {
        const auto* torch_error = dynamic_cast<const c10::Error*>(&error);
        const std::string why = torch_error ? torch_error->what_without_backtrace() : error.what();
        throw InputError(path + (is_package ? ": not a compiled AOTInductor package for this machine (network.aoti.pt2 "
                                              "is one, network.pt2 is not): "
                                            : ": not a TorchScript file, or a damaged one: ") +
                         why.substr(0, why.find('\n')));
    }
}

Network::~Network() = default;

std::vector<double> Network::predict(double* rows, const std::vector<std::int64_t>& shape) {
    return numbers(backend_->run(at::from_blob(rows, shape, at::kDouble)));
}

std::vector<double> Network::predict(std::uint8_t* images, const std::vector<std::int64_t>& shape) {
    return numbers(backend_->run(at::from_blob(images, shape, at::kByte)));
}
