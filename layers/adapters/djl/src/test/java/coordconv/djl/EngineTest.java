package coordconv.djl;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test with arrays of the engine, which are freed behind it. */
abstract class EngineTest {
    NDManager manager;

    @BeforeEach
    void open() {
        manager = Djl.engine().newBaseManager();
    }

    @AfterEach
    void close() {
        if (manager != null) {
            manager.close();
        }
    }
}
