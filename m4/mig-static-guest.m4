# MIG_STATIC_GUEST: the compiler of the guest programs (GUEST_CC, GUEST_CFLAGS), which must link statically.
AC_DEFUN([MIG_STATIC_GUEST], [
  AC_ARG_VAR([GUEST_CC], [C compiler of the guest programs (default: $CC)])
  AC_ARG_VAR([GUEST_CFLAGS], [its flags (default: -O2 -g)])
  : ${GUEST_CC=$CC}
  : ${GUEST_CFLAGS="-O2 -g"}
  AC_CACHE_CHECK([whether $GUEST_CC links statically], [mig_cv_static_guest], [
    cat > conftest-guest.c <<'EOF'
#include <pthread.h>
#include <stdio.h>
static void *f (void *p) { return p; }
int main (void) { pthread_t t; pthread_create (&t, 0, f, 0); return puts ("") < 0; }
EOF
    AS_IF([$GUEST_CC $GUEST_CFLAGS -static -pthread -o conftest-guest conftest-guest.c >&AS_MESSAGE_LOG_FD 2>&1],
      [mig_cv_static_guest=yes], [mig_cv_static_guest=no])
    rm -f conftest-guest conftest-guest.c
  ])
  AS_IF([test "x$mig_cv_static_guest" = xno],
    [AC_MSG_ERROR([the guest programs need a static C library: install libc6-dev (Debian, Ubuntu) or glibc-static (Fedora)])])
])
