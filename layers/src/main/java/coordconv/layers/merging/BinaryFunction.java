package coordconv.layers.merging;

/** The functions of two numbers that {@link Binary} applies. */
public enum BinaryFunction {
    /** {@code a + b}. */
    ADD("Add") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = a[aAt + i] + b[bAt + i];
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            for (int i = 0; i < count; i++) {
                slope[i] = 1;
            }
        }
    },

    /** {@code a - b}. */
    SUBTRACT("Sub") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = a[aAt + i] - b[bAt + i];
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            float each = first ? 1 : -1;
            for (int i = 0; i < count; i++) {
                slope[i] = each;
            }
        }
    },

    /** {@code a * b}. */
    MULTIPLY("Mul") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = a[aAt + i] * b[bAt + i];
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            System.arraycopy(first ? b : a, first ? bAt : aAt, slope, 0, count);
        }
    },

    /** {@code a / b}. */
    DIVIDE("Div") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = a[aAt + i] / b[bAt + i];
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            for (int i = 0; i < count; i++) {
                slope[i] = first ? 1 / b[bAt + i] : -a[aAt + i] / b[bAt + i] / b[bAt + i];
            }
        }
    },

    /** The lesser of a and b, NaN if one is; of equals a has the gradient. */
    MINIMUM("Min") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = Math.min(a[aAt + i], b[bAt + i]);
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            for (int i = 0; i < count; i++) {
                slope[i] = first == a[aAt + i] <= b[bAt + i] ? 1 : 0;
            }
        }
    },

    /** The greater of a and b, NaN if one is; of equals a has the gradient. */
    MAXIMUM("Max") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                y[at + i] = Math.max(a[aAt + i], b[bAt + i]);
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            for (int i = 0; i < count; i++) {
                slope[i] = first == a[aAt + i] >= b[bAt + i] ? 1 : 0;
            }
        }
    },

    /** {@code a} to the power of b; the gradient to b is NaN for negative a. */
    POWER("Pow") {
        @Override
        void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count) {
            for (int i = 0; i < count; i++) {
                float v = a[aAt + i];
                y[at + i] = b[bAt + i] == 2 ? v * v : (float) Math.pow(v, b[bAt + i]);
            }
        }

        @Override
        void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count) {
            for (int i = 0; i < count; i++) {
                double v = a[aAt + i];
                double n = b[bAt + i];
                slope[i] = (float) (first ? n == 0 ? 0 : n * Math.pow(v, n - 1) : v == 0 ? 0 : Math.pow(v, n) * Math.log(v));
            }
        }
    };

    private final String label;

    BinaryFunction(String label) {
        this.label = label;
    }

    /** {@return the name that tables and errors print, that of the function's ONNX operator} */
    public String label() {
        return label;
    }

    /** Computes some neighbouring outputs from as many neighbouring numbers on either side. */
    abstract void apply(float[] a, int aAt, float[] b, int bAt, float[] y, int at, int count);

    /** The derivatives to a or to b. */
    abstract void slopes(boolean first, float[] a, int aAt, float[] b, int bAt, float[] slope, int count);
}
