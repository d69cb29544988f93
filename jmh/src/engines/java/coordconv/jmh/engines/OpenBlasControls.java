package coordconv.jmh.engines;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;

/** The control functions of OpenBLAS that JavaCPP's presets leave out. */
final class OpenBlasControls {
    private OpenBlasControls() {}

    static void setThreads(int threads) {
        try {
            function("openblas_set_num_threads", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)).invokeExact(threads);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads", e);
        }
    }

    /** {@return version and build options} */
    static String config() {
        return text("openblas_get_config");
    }

    /** {@return the family of processors whose kernels were chosen} */
    static String coreName() {
        return text("openblas_get_corename");
    }

    private static String text(String function) {
        try {
            MemorySegment text = (MemorySegment) function(function, FunctionDescriptor.of(ValueLayout.ADDRESS)).invokeExact();
            return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(MemorySegment.ofAddress(Loader.addressof(name).address()), type);
    }
}
