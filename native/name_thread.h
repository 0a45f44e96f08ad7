// name_thread: what a debugger and `top` call the thread that is running.
#pragma once

#include <pthread.h>

namespace tidemark {

// At most 15 characters: Linux takes no more.
inline void name_thread(const char* name) {
#if defined(__APPLE__)
  pthread_setname_np(name);
#elif defined(__linux__)
  pthread_setname_np(pthread_self(), name);
#else
  static_cast<void>(name);
#endif
}

}  // namespace tidemark
