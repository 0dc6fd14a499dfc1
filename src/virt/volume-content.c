/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/error.h"
#include "virt/volume-content.h"

#define PIECES 8
#define PIECE_BYTES ((gsize) 4096)

typedef struct {
  MigContent content;
  gsize done;
  gboolean differs;
} Transfer;

static int
give (virStreamPtr stream, char *buffer, size_t wanted, void *data)
{
  Transfer *transfer = data;
  gsize n = MIN (wanted, transfer->content.size - transfer->done);

  memcpy (buffer, transfer->content.data + transfer->done, n);
  transfer->done += n;
  return (int) n;
}

/* compare: what comes back; an error ends the transfer at the first difference. */
static int
compare (virStreamPtr stream, const char *buffer, size_t n, void *data)
{
  Transfer *transfer = data;

  transfer->differs = n > transfer->content.size - transfer->done ||
                      memcmp (buffer, transfer->content.data + transfer->done, n) != 0;
  if (transfer->differs)
    return -1;
  transfer->done += n;
  return (int) n;
}

gboolean
mig_volume_send (virStorageVolPtr volume, MigContent content, GError **error)
{
  g_autoptr (virStream) stream = virStreamNew (virStorageVolGetConnect (volume), 0);
  Transfer transfer = { content, 0, FALSE };

  if (stream && virStorageVolUpload (volume, stream, 0, content.size, 0) == 0 &&
      virStreamSendAll (stream, give, &transfer) == 0 && virStreamFinish (stream) == 0)
    return TRUE;
  mig_virt_error (error, "its content cannot be sent"); /* while the stream is there */
  return FALSE;
}

/* differing_at: what lies there, up to the end where length is 0. */
static char *
differing_at (virStorageVolPtr volume, MigContent content, gsize offset, gsize length)
{
  g_autoptr (virStream) stream = virStreamNew (virStorageVolGetConnect (volume), 0);
  const MigContent part = { content.data + offset, length ? length : content.size - offset };
  Transfer transfer = { part, 0, FALSE };
  gboolean read = stream && virStorageVolDownload (volume, stream, offset, length, 0) == 0 &&
                  virStreamRecvAll (stream, compare, &transfer) == 0 &&
                  virStreamFinish (stream) == 0;

  if (transfer.differs || (read && transfer.done != part.size))
    return g_strdup ("its content differs");
  if (read)
    return NULL;
  g_autoptr (GError) cause = NULL;
  mig_virt_error (&cause, "it cannot be read");
  return g_strdup (cause->message);
}

char *
mig_volume_differing (virStorageVolPtr volume, MigContent content)
{
  return differing_at (volume, content, 0, 0);
}

/* piece_offset: somewhere in the share of the content that is that piece's; the last is its end. */
static gsize
piece_offset (gsize size, gsize length, guint piece)
{
  gsize share = size / PIECES;
  gsize within = (gsize) (g_random_double () * (double) share);

  return piece + 1 == PIECES ? size - length : MIN (piece * share + within, size - length);
}

char *
mig_volume_differing_in_part (virStorageVolPtr volume, MigContent content)
{
  gsize length = MIN (PIECE_BYTES, content.size);
  virStorageVolInfo info;
  char *why = NULL;

  if (virStorageVolGetInfo (volume, &info) == 0 && info.capacity != content.size)
    return g_strdup ("its size differs");
  for (guint i = 0; i < PIECES && !why && length > 0; i++)
    why = differing_at (volume, content, piece_offset (content.size, length, i), length);
  return why;
}
