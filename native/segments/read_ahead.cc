#include "segments/read_ahead.h"

#include <thread>

#include "name_thread.h"
#include "start_thread.h"

namespace tidemark {

ReadAhead::ReadAhead(std::string folder, Demand demand, Bell& bell)
    : folder_(std::move(folder)), demand_(std::move(demand)), bell_(bell) {}

Status ReadAhead::start(std::string folder, Demand demand, Bell& bell,
                        std::shared_ptr<ReadAhead>* started) {
  std::shared_ptr<ReadAhead> ahead(new ReadAhead(std::move(folder), std::move(demand), bell));
  std::thread thread;
  Status status = start_thread(&thread, [ahead] { ahead->run(); });
  if (!status.ok()) return status;
  thread.detach();  // close() waits for its end
  *started = std::move(ahead);
  return Status();
}

void ReadAhead::run() {
  name_thread("tidemark:read");
  std::pair<Status, FoundLogs> outcome;
  outcome.first = look_up_logs(folder_, demand_, is_closing_, &outcome.second);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    outcome_ = std::move(outcome);
    if (!is_closing_) bell_.ring();
  }
  read_streams();
  std::lock_guard<std::mutex> lock(mutex_);
  has_ended_ = true;
  ended_.notify_all();
}

void ReadAhead::read_streams() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return is_closing_ || !empty_ones_.empty() || !with_room_.empty(); });
    if (is_closing_) return;
    const std::shared_ptr<Stream> stream = next_stream();
    if (stream->is_over) continue;
    const size_t bytes = piece_bytes_;
    lock.unlock();
    std::unique_ptr<Piece> piece = PiecePool::take(pool_);
    stream->reader.read(bytes, inflater_, *piece);
    lock.lock();
    stream->is_waiting = false;
    if (is_closing_) return;
    if (!stream->is_over) put(stream, std::move(piece));
  }
}

std::shared_ptr<ReadAhead::Stream> ReadAhead::next_stream() {
  std::deque<std::shared_ptr<Stream>>& list = empty_ones_.empty() ? with_room_ : empty_ones_;
  std::shared_ptr<Stream> stream = std::move(list.front());
  list.pop_front();
  return stream;
}

void ReadAhead::put(const std::shared_ptr<Stream>& stream, std::unique_ptr<Piece> piece) {
  stream->is_over = piece->is_last();
  stream->ahead_bytes += piece->bytes();
  stream->pieces.push_back(std::move(piece));
  if (stream->pieces.size() == 1) bell_.ring(stream->handle);
  read_on_if_room(stream);
}

void ReadAhead::read_on_if_room(const std::shared_ptr<Stream>& stream) {
  if (stream->is_over || stream->is_waiting) return;
  if (!stream->pieces.empty() && stream->ahead_bytes >= ahead_bytes_) return;
  stream->is_waiting = true;
  (stream->pieces.empty() ? empty_ones_ : with_room_).push_back(stream);
  wake_.notify_one();
}

// --- from the engine's thread -------------------------------------------------------------------

std::optional<std::pair<Status, FoundLogs>> ReadAhead::take_outcome() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

void ReadAhead::set_limits(size_t ahead_bytes, size_t piece_bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  ahead_bytes_ = ahead_bytes;
  piece_bytes_ = piece_bytes;
}

void ReadAhead::begin(PartitionHandle partition, std::shared_ptr<const PartitionLog> log,
                      int64_t start_offset) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (partition.slot >= streams_.size()) streams_.resize(partition.slot + 1);
  streams_[partition.slot] = std::make_shared<Stream>(partition, std::move(log), start_offset);
  read_on_if_room(streams_[partition.slot]);
}

std::shared_ptr<ReadAhead::Stream> ReadAhead::find(PartitionHandle partition) const {
  if (partition.slot >= streams_.size()) return nullptr;
  const std::shared_ptr<Stream>& found = streams_[partition.slot];
  return found && found->handle == partition ? found : nullptr;
}

void ReadAhead::stop(PartitionHandle partition) {
  std::lock_guard<std::mutex> lock(mutex_);
  const std::shared_ptr<Stream> stream = find(partition);
  if (!stream) return;
  stream->is_over = true;
  stream->pieces.clear();
  stream->ahead_bytes = 0;
}

Source::Taken ReadAhead::take(PartitionHandle partition, size_t room, PartitionInput& input) {
  std::vector<std::unique_ptr<Piece>> pieces;
  Source::Taken taken;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const std::shared_ptr<Stream> stream = find(partition);
    if (!stream) return taken;
    for (size_t bytes = 0; !stream->pieces.empty() && (pieces.empty() || bytes < room);) {
      bytes += stream->pieces.front()->bytes();
      stream->ahead_bytes -= stream->pieces.front()->bytes();
      pieces.push_back(std::move(stream->pieces.front()));
      stream->pieces.pop_front();
    }
    taken.has_more = !stream->pieces.empty();
    read_on_if_room(stream);
  }
  taken.any = !pieces.empty();
  for (std::unique_ptr<Piece>& piece : pieces)
    hand_over(std::move(piece), input);
  return taken;
}

SourceMemory ReadAhead::memory() {
  SourceMemory memory;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const std::shared_ptr<Stream>& stream : streams_)
      if (stream) memory.queued.payload += stream->ahead_bytes;
  }
  memory.taken.payload = pool_->taken_bytes();
  memory.spare = pool_->free_bytes();
  return memory;
}

void ReadAhead::close(std::chrono::milliseconds timeout) {
  std::unique_lock<std::mutex> lock(mutex_);
  is_closing_ = true;
  wake_.notify_all();
  ended_.wait_for(lock, timeout, [this] { return has_ended_; });
  streams_.clear();
  empty_ones_.clear();
  with_room_.clear();
}

}  // namespace tidemark
