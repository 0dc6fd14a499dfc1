# MIG_SANITIZERS: --enable-sanitizers builds with ASan and UBSan (SANITIZER_CFLAGS).
# The flags are kept out of CFLAGS: the static guest programs must not get them.
AC_DEFUN([MIG_SANITIZERS], [
  AC_ARG_ENABLE([sanitizers],
    [AS_HELP_STRING([--enable-sanitizers], [build with AddressSanitizer and UndefinedBehaviorSanitizer])],
    [], [enable_sanitizers=no])
  SANITIZER_CFLAGS=
  AS_IF([test "x$enable_sanitizers" = xyes], [
    SANITIZER_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
    mig_save_CFLAGS=$CFLAGS
    CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [],
      [AC_MSG_ERROR([this compiler cannot link with $SANITIZER_CFLAGS: install the sanitizer runtime (Debian: libasan/libubsan of gcc, libclang-rt-dev for clang; Fedora: libasan libubsan)])])
    CFLAGS=$mig_save_CFLAGS
  ])
  AC_SUBST([SANITIZER_CFLAGS])
  AM_CONDITIONAL([SANITIZERS], [test "x$enable_sanitizers" = xyes])
])
