#include "node/slab_lease.h"

#include <utility>
#include <vector>

namespace tidemark {

// Shared by the NativeSlab and the ArrayBuffers that lie over one slab, which goes back to the pool
// with the last of them. All on the environment's own thread.
class SlabLease {
 public:
  SlabLease(Napi::Env env, std::shared_ptr<SlabPool> pool) : env_(env), pool_(std::move(pool)) {}
  ~SlabLease() { end(); }

  void begin(std::unique_ptr<Slab> slab) {
    slab_ = std::move(slab);
    pool_->note_handed_out(*slab_);
  }

  void report() {
    if (!slab_ || reported_bytes_ > 0) return;
    reported_bytes_ = static_cast<int64_t>(slab_->bytes());
    Napi::MemoryManagement::AdjustExternalMemory(env_, reported_bytes_);
  }

  void end() {
    if (!slab_) return;
    if (reported_bytes_ > 0) Napi::MemoryManagement::AdjustExternalMemory(env_, -reported_bytes_);
    pool_->note_returned(*slab_);
    pool_->give_back(std::move(slab_));
  }

 private:
  const Napi::Env env_;
  const std::shared_ptr<SlabPool> pool_;
  std::unique_ptr<Slab> slab_;  // null before the lease begins and after it ends
  int64_t reported_bytes_ = 0;
};

namespace {

constexpr const char* kBuffers = "buffers";

// Below this, rows in use counted and not those there is room for, a copy costs less than external
// ArrayBuffers with their finalizers. And who keeps it keeps no slab with room for a full batch.
constexpr size_t kSmallBytes = 16 * 1024;

// Sets the property `buffers`.
void set_buffers(Napi::Object object, const std::vector<napi_value>& buffers) {
  Napi::Array array = Napi::Array::New(object.Env(), buffers.size());
  for (uint32_t i = 0; i < buffers.size(); ++i)
    array.Set(i, buffers[i]);
  object.Set(kBuffers, array);
}

using LeasePtr = std::shared_ptr<SlabLease>;

// An empty ArrayBuffer where there is nothing to lie over.
napi_value lease_bytes(Napi::Env env, const LeasePtr& lease, uint8_t* data, size_t size,
                       napi_status* status) {
  if (size == 0) return Napi::ArrayBuffer::New(env, 0);
  napi_value buffer = nullptr;
  auto* share = new LeasePtr(lease);
  *status = napi_create_external_arraybuffer(
      env, data, size, [](napi_env, void*, void* hint) { delete static_cast<LeasePtr*>(hint); },
      share, &buffer);
  if (*status != napi_ok) delete share;
  return buffer;
}

}  // namespace

Napi::Object lease_slab(Napi::Env env, std::unique_ptr<Slab> slab, std::shared_ptr<SlabPool> pool,
                        bool copied, std::weak_ptr<SlabLease>* last) {
  if (const LeasePtr kept = last->lock()) kept->report();
  Napi::Object object = Napi::Object::New(env);
  const size_t exact = slab->copied_bytes();
  if (!copied && exact > kSmallBytes) {
    const auto lease = std::make_shared<SlabLease>(env, pool);
    napi_status status = napi_ok;
    std::vector<napi_value> buffers;
    for (size_t i = 0; i < slab->memory.size() && status == napi_ok; ++i) {
      buffers.push_back(
          lease_bytes(env, lease, slab->memory[i].data(), slab->used_bytes(i), &status));
    }
    if (status == napi_ok) {
      slab->write_head();
      lease->begin(std::move(slab));
      *last = lease;
      set_buffers(object, buffers);
      auto* share = new LeasePtr(lease);
      status = napi_wrap(
          env, object, share,
          [](napi_env, void* data, void*) { delete static_cast<LeasePtr*>(data); }, nullptr,
          nullptr);
      if (status != napi_ok) delete share;
      return object;
    }
    // napi_no_external_buffers_allowed (Electron): the memory must be V8's own. Or a worker is
    // being terminated, and nothing can be made any more.
  }
  // All in one, without the room for more rows. Empty where a worker that is being terminated makes
  // no more objects; its env is none, too, and node-addon-api ends the process when that is used.
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, exact);
  if (!buffer.IsEmpty()) {
    slab->copy_to(static_cast<uint8_t*>(buffer.Data()));
    set_buffers(object, {buffer});
  }
  pool->give_back(std::move(slab));
  return object;
}

void release_slab(Napi::Object slab) {
  Napi::Env env = slab.Env();
  const Napi::Value buffers = slab.Get(kBuffers);
  if (!buffers.IsArray()) return;
  bool all_here = true;
  for (uint32_t i = 0; i < buffers.As<Napi::Array>().Length(); ++i) {
    const Napi::Value value = buffers.As<Napi::Array>().Get(i);
    if (!value.IsArrayBuffer()) return;
    // Not by node-addon-api, which would throw, and detach what is detached already.
    bool is_detached = false;
    napi_is_detached_arraybuffer(env, value, &is_detached);
    if (is_detached || napi_detach_arraybuffer(env, value) != napi_ok) all_here = false;
  }
  void* data = nullptr;
  if (napi_unwrap(env, slab, &data) != napi_ok) return;  // a copied slab
  // A buffer that was detached already may have been moved to another thread, which still reads
  // it, and so may JavaScript one that could not be detached: then only the finalizers know when
  // the memory is free.
  if (all_here) (*static_cast<LeasePtr*>(data))->end();
}

}  // namespace tidemark
