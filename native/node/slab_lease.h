// SlabLease: a slab that is with the caller: ArrayBuffers over its memory, and the ways back.
#pragma once

#include <napi.h>

#include <memory>

#include "columns/slab.h"
#include "columns/slab_pool.h"

namespace tidemark {

class SlabLease;

// Makes the NativeSlab of src/native.ts out of `slab`. Its ArrayBuffers lie over the slab's own
// memory, which goes back to `pool` when they are released or collected. With `copied`, when the
// slab is small, or where the runtime refuses external memory, they are V8's own.
//
// `last` is the slab leased before, and becomes this one. V8 collects dropped batches sooner when
// it is told of their memory, and it is told of a slab that is still out when the next one is
// leased: told of each, it spent a fifth of the CPU on collections while batches of 50 MB were
// released.
Napi::Object lease_slab(Napi::Env env, std::unique_ptr<Slab> slab, std::shared_ptr<SlabPool> pool,
                        bool copied, std::weak_ptr<SlabLease>* last);

// Detaches the ArrayBuffers and gives the memory back at once. Idempotent.
void release_slab(Napi::Object slab);

}  // namespace tidemark
