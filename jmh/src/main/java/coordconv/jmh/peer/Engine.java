package coordconv.jmh.peer;

import java.lang.reflect.InvocationTargetException;

/** The engines of the comparison, by name. Each is loaded only where its classes are found. */
public enum Engine {
    /** This project. */
    COORDCONV("coordconv", "CoordConvPeer"),
    /** ONNX Runtime: Concat and Conv nodes. */
    ONNX_RUNTIME("onnxruntime", "OnnxRuntimePeer"),
    /** libtorch through DJL. */
    LIBTORCH("libtorch", "LibtorchPeer"),
    /** ND4J with oneDNN. */
    ND4J("nd4j", "Nd4jPeer"),
    /** TensorFlow Java, graph mode. */
    TENSORFLOW("tensorflow", "TensorFlowPeer"),
    /** im2col in Java and OpenBLAS sgemm. */
    OPENBLAS("openblas", "OpenBlasPeer"),
    /** im2col in Java and the sgemm of netlib's Java VectorBLAS. */
    NETLIB("netlib", "NetlibPeer"),
    /** Seven nested loops. */
    NAIVE("naive-java", "NaivePeer"),
    /** No engine: the ceilings of the machine. */
    MACHINE("machine", "coordconv.jmh.machine.MachinePeer");

    private final String id;
    private final String className;

    Engine(String id, String className) {
        this.id = id;
        this.className = className.contains(".") ? className : Engine.class.getPackageName() + "." + className;
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
    public static Engine named(String id) {
        StringBuilder known = new StringBuilder();
        for (Engine engine : values()) {
            if (engine.id.equals(id)) {
                return engine;
            }
            known.append(' ').append(engine.id);
        }
        throw new IllegalArgumentException("engine: given " + id + ", needed one of" + known);
    }

    /**
     * Loads the engine into this JVM.
     *
     * @return the adapter
     * @throws UnavailableException with the reason, if it cannot be had
     */
    public Peer load() throws UnavailableException {
        try {
            return (Peer) Class.forName(className).getConstructor().newInstance();
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
