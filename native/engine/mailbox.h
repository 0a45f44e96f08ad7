// Mailbox: all that goes between the engine's thread and the event loop.
#pragma once

#include <functional>

#include "engine/event_queue.h"
#include "engine/poll_slot.h"

namespace tidemark {

class Mailbox : public PollSlot, public EventQueue {
 public:
  // `ring` wakes the event loop: it may be called from any thread and is never called under a lock.
  Mailbox(Bell& engine, const std::function<void()>& ring)
      : PollSlot(engine, ring), EventQueue(ring) {}
};

}  // namespace tidemark
