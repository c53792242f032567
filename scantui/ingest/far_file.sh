# Follows one file on the machine it runs on: POSIX.1-2017 utilities and `head -c`. Without `cksum` (small busyboxes) a file that was
# written anew under the same inode while nobody was connected is taken for the old one if it is no shorter.
#
# The lines are joined to one, without these comments, and have neither `!` nor `'`, so that every login shell passes them on as
# one quoted word.
#
# Arguments: path; inode, offset, and the number and cksum of the bytes before it, of what was read last (no inode: nothing was);
# a key; 1 to follow, 0 to end at the end.
p=$1; i=$2; n=$3; k=$4; c=$5; m=$6; w=$7; b=0; g=;
# Marks between the bytes: F inode offset, of what comes next; M, no file yet; L, lines were lost; H, to notice that nobody listens.
say() { printf "\001scantui %s %s\n" "$m" "$*" || exit 1; };
beat() { b=$((b+1)); [ $((b%10)) = 0 ] && say H; :; };
first() { read -r x y; echo "$x"; };
ino() { ls -diL -- "$1" 2>/dev/null | first; };
size() { { wc -c <"$1" | first; } 2>/dev/null; };
sum() { tail -c +$((n-k+1)) <"$1" | head -c "$k" | cksum 2>/dev/null | first; };
fits() { z=$(sum "$1"); [ "${z:-$c}" = "$c" ]; };
ours() { [ "$(ino "$1")" = "$i" ] && [ "$(size "$1")" -ge "$n" ] && { [ "$k" = 0 ] || fits "$1"; }; };
at() { { while read -r x y; do [ "$x" = "pos:" ] && s=$y; done </proc/self/fdinfo/3; } 2>/dev/null; :; };
whole() { say F "$(ino "$1")" "$2"; tail -c +$(($2+1)) <"$1" || exit 1; };
# The file may have been rotated meanwhile, any number of times: its rest, then those after it, oldest first.
if [ -n "$i" ]; then
  ours "$p" || {
    ls -1trL -- "$p".* "$p"-* 2>/dev/null | {
      while read -r q; do
        case $q in
          *[0-9]) if [ -n "$g" ]; then whole "$q" 0; elif ours "$q"; then g=1; whole "$q" "$n"; fi;;
          *[0-9].gz|*[0-9].xz|*[0-9].bz2|*[0-9].zst) [ -n "$g" ] && say L;;
        esac;
      done;
      [ -n "$g" ] || say L; };
    n=0; };
fi;
# The open file is followed, not its name: to its end, two seconds after the name has another, or from its start when it was cut, which
# shows in a size below our place (s; where /proc does not tell it, below the size before the last reading).
while :; do
  until [ -e "$p" ]; do
    [ "$w" = 1 ] || exit 66;
    [ -n "$g" ] || say M;
    g=1; sleep 1; beat;
  done;
  g=;
  [ -d "$p" ] && exit 67;
  [ -r "$p" ] || exit 68;
  j=$(ino "$p");
  {
    i=$(ino "$p");
    [ "$i" = "$j" ] && {
      say F "$i" "$n";
      s=$(size "$p");
      tail -c +$((n+1)) <&3 || exit 1;
      at;
      [ "$w" = 1 ] || exit 0;
      while sleep 1; do
        beat;
        [ "$(ino "$p")" = "$i" ] || { sleep 2; cat <&3 || exit 1; break; };
        z=$(size "$p");
        [ "${z:-0}" -ge "${s:-0}" ] || break;
        s=$z;
        cat <&3 || exit 1;
        at;
      done;
      n=0; };
  } 3<"$p" || sleep 1;
done
