// start_thread: std::thread without an exception where the system has no more of them.
#pragma once

#include <system_error>
#include <thread>
#include <utility>

#include "errors.h"
#include "status.h"

namespace tidemark {

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
