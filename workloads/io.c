/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workloads/blocks.h"
#include "workloads/paced.h"
#include "workloads/workload.h"

/* The io workload: reads, verifies and writes blocks of the guest's disk, past the guest's own
 * cache. */

#define DISK "/dev/vda"
#define DISK_VARIABLE "MIGCOST_GUEST_DISK" /* of an ordinary process: a file instead */
/* for so long the disk may take to appear once its driver is there */
#define DISK_WAIT_NS (5 * MIG_GUEST_NS_PER_S)
#define DISK_RETRY_NS (5 * MIG_GUEST_NS_PER_MS)
#define DAMAGE_REPORTS_MAX 16

/* What one worker updates: blocks of its own, next to the other workers'. */
typedef struct {
  MigBlocks blocks;
  MigPacer pacer;
  MigGuest *guest;
  void *buffer;
  unsigned damage_reports;
} Share;

typedef struct {
  int fd;
  Share shares[MIG_GUEST_WORKERS_MAX];
} Io;

static const MigOption options[] = {
  { .name = "wss",
    .kind = MIG_OPTION_NUMBER,
    .offset = offsetof (MigGuestOptions, wss_bytes),
    .minimum = MIG_BLOCK_BYTES,
    .maximum = MIG_GUEST_WSS_MAX_BYTES,
    .fallback = "16777216",
    .meaning = "bytes of the disk that are updated" },
  MIG_PACED_RATE ("blocks"),
  MIG_PACED_ORDER,
  { .name = NULL },
};

/* ---- the disk ---- */

/* disk_path: an ordinary process never gets a disk of the machine that it runs on. NULL: none. */
static const char *
disk_path (void)
{
  return getpid () == 1 ? DISK : getenv (DISK_VARIABLE);
}

/* open_disk: past the cache where the file system lets it. -1 with errno. */
static int
open_disk (const MigGuestClock *clock)
{
  const int flags = O_RDWR | O_DSYNC | O_CLOEXEC;
  int64_t now = clock->now (clock->opaque), deadline = now + DISK_WAIT_NS;
  int fd;

  if (!disk_path ())
    {
      errno = ENODEV;
      return -1;
    }
  if (getpid () == 1)
    (void) mount ("devtmpfs", "/dev", "devtmpfs", 0, NULL);
  while ((fd = open (disk_path (), flags | O_DIRECT)) < 0 && errno == ENOENT && getpid () == 1 &&
         now < deadline)
    {
      clock->sleep_until (clock->opaque, now + DISK_RETRY_NS);
      now = clock->now (clock->opaque);
    }
  return fd < 0 && errno == EINVAL ? open (disk_path (), flags) : fd;
}

static int
read_blocks (void *opaque, uint64_t index, uint64_t n, uint64_t *words)
{
  size_t size = n * MIG_BLOCK_BYTES;
  ssize_t got = pread (((Io *) opaque)->fd, words, size, (off_t) (index * MIG_BLOCK_BYTES));

  return got < 0 ? errno : (size_t) got == size ? 0 : EIO;
}

static int
write_blocks (void *opaque, uint64_t index, uint64_t n, const uint64_t *words)
{
  size_t size = n * MIG_BLOCK_BYTES;
  ssize_t done = pwrite (((Io *) opaque)->fd, words, size, (off_t) (index * MIG_BLOCK_BYTES));

  return done < 0 ? errno : (size_t) done == size ? 0 : EIO;
}

/* ---- damage ---- */

static void
report_damage (const MigBlockDamage *damage, void *opaque)
{
  Share *share = opaque;
  char text[160];

  if (share->damage_reports++ >= DAMAGE_REPORTS_MAX)
    return;
  if (damage->failure)
    snprintf (text, sizeof text, "block %" PRIu64 " of the disk: %s", damage->index,
              strerror (damage->failure));
  else
    snprintf (text, sizeof text,
              "block %" PRIu64 " of the disk is %s: expected write %" PRIu64 ", found %" PRIu64
              " (lap %" PRIu64 ")",
              damage->index, mig_block_state_text (damage->state), damage->expected, damage->found,
              share->blocks.laps.lap);
  share->guest->damage (text);
}

/* ---- the workload ---- */

/* divide: the blocks, and the rate, among the workers, and the first fill. Returns 0 or an errno.
 */
static int
divide (MigGuest *guest, uint64_t count)
{
  Io *io = guest->state;
  const MigBlockDevice device = { read_blocks, write_blocks, io };
  const MigGuestOptions *asked = &guest->options;
  uint64_t first = 0;

  for (uint64_t i = 0; i < asked->threads; i++)
    {
      Share *share = &io->shares[i];
      uint64_t n = mig_paced_share (count, asked->threads, i);
      share->guest = guest;
      int failure = posix_memalign (&share->buffer, MIG_BLOCK_BYTES,
                                    MIG_BLOCK_CHUNK * MIG_BLOCK_BYTES);
      if (failure)
        return failure;
      mig_blocks_init (&share->blocks, &device, share->buffer, first, n,
                       asked->order == MIG_GUEST_ORDER_RANDOM, report_damage, share);
      failure = mig_blocks_fill (&share->blocks);
      if (failure)
        return failure;
      guest->workers[i].state = share;
      first += n;
    }
  return 0;
}

static void
release (MigGuest *guest)
{
  Io *io = guest->state;

  for (unsigned i = 0; i < MIG_GUEST_WORKERS_MAX; i++)
    free (io->shares[i].buffer);
  close (io->fd);
  free (io);
  guest->state = NULL;
}

static bool
check_size (const MigGuest *guest, int fd, char *why)
{
  off_t size = lseek (fd, 0, SEEK_END);

  if (size >= 0 && (uint64_t) size >= guest->options.wss_bytes)
    return true;
  snprintf (why, MIG_GUEST_WHY_SIZE,
            "wss=%" PRIu64 " does not fit on the disk of %" PRId64
            " bytes: expected a larger disk or a smaller wss",
            guest->options.wss_bytes, (int64_t) size);
  return false;
}

static bool
prepare (MigGuest *guest, char *why)
{
  uint64_t count = guest->options.wss_bytes / MIG_BLOCK_BYTES;
  Io *io = calloc (1, sizeof *io);
  int fd = io ? open_disk (guest->clock) : -1;

  if (fd < 0)
    {
      snprintf (why, MIG_GUEST_WHY_SIZE,
                "cannot open the disk %.60s: %s; give the guest a disk, and its kernel the driver",
                disk_path () ? disk_path () : "of " DISK_VARIABLE, strerror (errno));
      free (io);
      return false;
    }
  io->fd = fd;
  guest->state = io;
  bool fits = check_size (guest, fd, why);
  if (fits && count < guest->options.threads)
    snprintf (why, MIG_GUEST_WHY_SIZE,
              "wss=%" PRIu64 " is too small for %" PRIu64 " threads: expected a block for each",
              guest->options.wss_bytes, guest->options.threads);
  else if (fits)
    {
      int failure = divide (guest, count);
      if (!failure)
        {
          for (uint64_t i = 0; i < guest->options.threads; i++)
            mig_paced_init (&io->shares[i].pacer, guest, i);
          return true;
        }
      snprintf (why, MIG_GUEST_WHY_SIZE, "cannot fill the disk: %s", strerror (failure));
    }
  release (guest);
  return false;
}

static void
update (MigGuestWorker *worker, uint64_t n)
{
  Share *share = worker->state;

  for (; n > 0 && !atomic_load_explicit (&worker->guest->stop, memory_order_relaxed); n--)
    {
      mig_blocks_update (&share->blocks);
      mig_guest_add_work (worker, 1);
    }
}

static void
step (MigGuestWorker *worker)
{
  mig_paced_step (worker, &((Share *) worker->state)->pacer, 1, update);
}

const MigWorkload mig_workload_io = {
  .name = "io",
  .unit = "block",
  .summary = "updates blocks of its disk, and verifies them",
  .options = options,
  .disk = true,
  .prepare = prepare,
  .step = step,
  .release = release,
};
