//! Standing back behind what the server is there for.

#[cfg(target_os = "linux")]
mod pace;

/// What could be lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoodBack {
    /// The processor is left to others first.
    pub processor: bool,
    /// The disk is left to others first.
    pub disk: bool,
}

/// Lowers the priority of this process and of all threads that it starts from now on, for processor and disk, and makes
/// [`pause`] pause where that is not enough. There is no way back but the end of the process.
pub fn stand_back() -> StoodBack {
    #[cfg(windows)]
    return windows::stand_back();
    #[cfg(target_os = "linux")]
    return linux::stand_back();
    #[cfg(not(any(windows, target_os = "linux")))]
    StoodBack { processor: false, disk: false }
}

/// Called between pieces of work (a block read of a file): pauses when this process stands back, and others want the processor.
/// Costs next to nothing otherwise.
pub fn pause() {
    #[cfg(target_os = "linux")]
    pace::pause();
}

/// Whether [`pause`] takes more time than the work between: a user who waits should be told.
pub fn is_held_back() -> bool {
    #[cfg(target_os = "linux")]
    return pace::share() < 0.5;
    #[cfg(not(target_os = "linux"))]
    false
}

#[cfg(windows)]
mod windows {
    use std::ffi::c_void;

    use windows_sys::Wdk::System::Threading::ProcessIoPriority;
    use windows_sys::Win32::Foundation::{HANDLE, NTSTATUS};
    use windows_sys::Win32::System::Threading::{GetCurrentProcess, IDLE_PRIORITY_CLASS, SetPriorityClass};

    use super::StoodBack;

    #[link(name = "ntdll", kind = "raw-dylib")]
    unsafe extern "system" {
        // The bindings have only its twin that asks. The same in all versions since NT 4.
        fn NtSetInformationProcess(process: HANDLE, class: i32, information: *const c_void, length: u32) -> NTSTATUS;
    }

    /// As Windows numbers them: what a virus scan in the background gets.
    const VERY_LOW: u32 = 0;

    /// Not `PROCESS_MODE_BACKGROUND_BEGIN`, which would do both at once: it lowers the priority of memory, too, and newer
    /// versions keep such a process to a working set of a few tens of megabytes. Then it swaps, which is the opposite of polite.
    pub(super) fn stand_back() -> StoodBack {
        // SAFETY: gives a number that stands for this process and needs no closing.
        let process = unsafe { GetCurrentProcess() };
        // SAFETY: takes and gives numbers only.
        let processor = unsafe { SetPriorityClass(process, IDLE_PRIORITY_CLASS) } != 0;
        let priority = VERY_LOW;
        // SAFETY: the number lives as long as the call and has four bytes.
        let status = unsafe { NtSetInformationProcess(process, ProcessIoPriority, (&raw const priority).cast(), 4) };
        StoodBack { processor, disk: status >= 0 }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::StoodBack;

    /// The nicest there is.
    const NICE: libc::c_int = 19;
    /// `ioprio_set`: this thread, and the class of those that get the disk when nobody else wants it (linux/ioprio.h).
    const THIS_THREAD: libc::c_int = 1;
    const IDLE: libc::c_int = 3 << 13;

    pub(super) fn stand_back() -> StoodBack {
        // SAFETY: takes and gives numbers only.
        let nice = unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) } == 0;
        // A processor that only such threads use counts as free when the kernel looks for one for somebody who wakes up, and they
        // give it up at once: a server's workers do not crowd on one processor beside us. The kernel is asked itself: the
        // function of that name does nothing in musl. What the kernel reads is one number (linux/sched/types.h).
        let priority: libc::c_int = 0;
        // SAFETY: the number lives as long as the call.
        let idle = unsafe { libc::syscall(libc::SYS_sched_setscheduler, 0, libc::SCHED_IDLE, &raw const priority) } == 0;
        // SAFETY: takes and gives numbers only. Threads that are started later inherit it.
        let disk = unsafe { libc::syscall(libc::SYS_ioprio_set, THIS_THREAD, 0, IDLE) } == 0;
        super::pace::keep();
        StoodBack { processor: nice && idle, disk }
    }
}
