// Clock: what deadlines are told by. It never steps back.
#pragma once

#include <chrono>

namespace tidemark {

using Clock = std::chrono::steady_clock;

}  // namespace tidemark
