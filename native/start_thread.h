// start_thread: std::thread without an exception where the system has no more of them.
#pragma once

#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "status.h"

namespace tidemark {

inline Status no_thread(const std::string& reason) {
  return Status::error(ErrorCode::kOutOfMemory,
                       "no thread could be started (" + reason +
                           "): close managers that are done with, or raise the limit of threads "
                           "(ulimit -u, or the container's) or of memory");
}

template <typename Function>
Status start_thread(std::thread* thread, Function function) {
  try {
    *thread = std::thread(std::move(function));
    return Status();
  } catch (const std::system_error& error) {
    return no_thread(error.what());
  }
}

}  // namespace tidemark
