package coordconv.jmh.engines;

import java.lang.reflect.InvocationTargetException;

/** The engines of the comparison, by name. Each is loaded only where its classes are found. */
public enum EngineName {
    /** This project. */
    COORDCONV("coordconv", "CoordConvEngine"),
    /** This project with {@code ConvAlgorithm.FAST}, whose errors are bounded by tile. */
    COORDCONV_FAST("coordconv-fast", "FastEngine"),
    /** This project on tensors with channels last. */
    COORDCONV_NHWC("coordconv-nhwc", "ChannelsLastEngine"),
    /** ONNX Runtime: Concat and Conv nodes. */
    ONNX_RUNTIME("onnxruntime", "OnnxRuntimeEngine"),
    /** libtorch through DJL. */
    LIBTORCH("libtorch", "LibtorchEngine"),
    /** ND4J with oneDNN. */
    ND4J("nd4j", "Nd4jEngine"),
    /** TensorFlow Java, graph mode. */
    TENSORFLOW("tensorflow", "TensorFlowEngine"),
    /** im2col in Java and OpenBLAS sgemm. */
    OPENBLAS("openblas", "OpenBlasEngine"),
    /** im2col in Java and the sgemm of netlib's Java VectorBLAS. */
    NETLIB("netlib", "NetlibEngine"),
    /** Seven nested loops. */
    NAIVE("naive-java", "NaiveEngine"),
    /** No engine: the ceilings of the machine. */
    MACHINE("machine", "coordconv.jmh.machine.CeilingEngine");

    private final String id;
    private final String className;

    EngineName(String id, String className) {
        this.id = id;
        this.className = className.contains(".") ? className : EngineName.class.getPackageName() + "." + className;
    }

    /** {@return whether this is an engine of this project} */
    public boolean isOurs() {
        return this == COORDCONV || this == COORDCONV_FAST || this == COORDCONV_NHWC;
    }

    /** {@return the name that command lines and reports use} */
    public String id() {
        return id;
    }

    /**
     * Finds an engine by its name.
     *
     * @param id for example {@code onnxruntime}
     * @return the engine
     * @throws IllegalArgumentException if there is none of that name
     */
    public static EngineName named(String id) {
        StringBuilder known = new StringBuilder();
        for (EngineName engine : values()) {
            if (engine.id.equals(id)) {
                return engine;
            }
            known.append(' ').append(engine.id);
        }
        throw new IllegalArgumentException("engine: given " + id + ", needed one of" + known);
    }

    /** {@return whether the class path has the adapter, and with it the engine; nothing is loaded} */
    public boolean isPresent() {
        return EngineName.class.getResource("/" + className.replace('.', '/') + ".class") != null;
    }

    /**
     * Loads the engine into this JVM.
     *
     * @return the adapter
     * @throws UnavailableException with the reason, if it cannot be had
     */
    public Engine load() throws UnavailableException {
        try {
            return (Engine) Class.forName(className).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new UnavailableException("not on the class path (" + e.getMessage() + "); run with -Ppeers");
        } catch (InvocationTargetException e) {
            throw new UnavailableException(reason(e.getCause()));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new UnavailableException(reason(e));
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == e ? e.toString() : e + ", from " + root;
    }

    /** An engine that this machine or class path cannot offer. */
    public static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1;

        UnavailableException(String reason) {
            super(reason);
        }
    }
}
